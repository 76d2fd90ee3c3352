FROM scratch
COPY bin/ /bin/
USER 65534:65534
ENTRYPOINT ["/bin/prometheus"]
