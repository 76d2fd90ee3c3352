# A kind node: kind's own files over the packages, then Kubernetes, containerd and the network plugins.
ARG BASE
FROM ${BASE}
COPY kind-files/ /
COPY usr-bin/ /usr/bin/
COPY usr-local-bin/ /usr/local/bin/
COPY cni-bin/ /opt/cni/bin/
COPY 10-istio-e2e.conflist /etc/cni/net.d/
ARG KUBERNETES
RUN chmod 755 /kind /kind/bin /kind/bin/* /usr/local/bin/* \
    && ln -sf /usr/lib/systemd/systemd /sbin/init \
    && ln -sf /usr/sbin/runc /usr/local/sbin/runc \
    && echo "${KUBERNETES}" > /kind/version \
    && mkdir -p /etc/kubernetes/manifests \
    && systemctl enable kubelet.service containerd.service undo-mount-hacks.service \
    && systemctl mask systemd-binfmt.service \
    && ctr oci spec \
      | jq '.hooks.createContainer[.hooks.createContainer | length] |= . + {"path": "/kind/bin/mount-product-files.sh"} | del(.process.rlimits)' \
      > /etc/containerd/cri-base.json
ARG PAUSE
RUN sed -i "s#sandbox_image = .*#sandbox_image = \"${PAUSE}\"#" /etc/containerd/config.toml
ENV container=docker
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]
