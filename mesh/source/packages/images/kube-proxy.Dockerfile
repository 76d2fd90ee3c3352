# Writes iptables and conntrack rules by calling the programs.
ARG BASE
FROM ${BASE}
COPY bin/ /usr/local/bin/
