# The base brings iptables and iproute2, with which istio-init redirects a pod's traffic.
ARG BASE
FROM ${BASE}
COPY bin/ /usr/local/bin/
COPY envoy_bootstrap_tmpl.json /var/lib/istio/envoy/envoy_bootstrap_tmpl.json
WORKDIR /
ENTRYPOINT ["/usr/local/bin/pilot-agent"]
