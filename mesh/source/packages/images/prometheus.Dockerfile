# Debian's package, of which only the program and its page are taken.
ARG BASE
FROM ${BASE} AS installed
RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends prometheus \
    # The page links to packages beside it; of one of those, nearly all is time zones that nobody asks for.
    && mkdir /made && cp -rL /usr/share/prometheus /made/ && rm -rf /made/prometheus/web/static/moment-timezone/data
FROM ${BASE}
COPY --from=installed /usr/bin/prometheus /usr/bin/
COPY --from=installed /made/prometheus /usr/share/prometheus
USER 65534:65534
ENTRYPOINT ["/usr/bin/prometheus"]
