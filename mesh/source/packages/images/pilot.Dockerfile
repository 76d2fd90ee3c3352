ARG BASE
FROM ${BASE}
COPY bin/ /usr/local/bin/
# Numeric, because the chart asks for a user that the kubelet can see is not root.
USER 1337:1337
ENTRYPOINT ["/usr/local/bin/pilot-discovery"]
