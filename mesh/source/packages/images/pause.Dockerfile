# catatonit's -P waits and reaps, which is all that a pod's sandbox container does.
ARG BASE
FROM ${BASE} AS base
FROM scratch
COPY --from=base /usr/bin/catatonit /pause
ENTRYPOINT ["/pause", "-P"]
