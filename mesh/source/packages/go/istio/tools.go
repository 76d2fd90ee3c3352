//go:build tools

// Package tools names the programs of Istio. Their module asks for nothing else, so that each release is compiled against
// the Kubernetes libraries that it was released with.
package tools

import (
	_ "istio.io/istio/istioctl/cmd/istioctl"
	_ "istio.io/istio/pilot/cmd/pilot-agent"
	_ "istio.io/istio/pilot/cmd/pilot-discovery"
)
