# What `node:24-bookworm-slim` is where a registry answers: the apps' base.
ARG BASE
FROM ${BASE}
COPY bin/ /usr/local/bin/
