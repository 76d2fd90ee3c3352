# Zipkin's own archive on a Java cut down to what it needs. It is started once while the image is made, and writes down the classes that
# it loads: read back, they make the next start several times as quick.
ARG BASE
FROM ${BASE} AS made
SHELL ["/bin/bash", "-euc"]
RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      binutils openjdk-17-jdk-headless \
    && jlink --no-header-files --no-man-pages --strip-debug --output /zipkin/java --add-modules \
      java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,jdk.management,jdk.unsupported \
    && /zipkin/java/bin/java -Xshare:dump
COPY zipkin.jar /tmp/
RUN mkdir /tmp/parts && cd /tmp/parts && jar xf ../zipkin.jar && mv BOOT-INF/lib /zipkin/ \
    && jar cf /zipkin/zipkin.jar -C BOOT-INF/classes .
WORKDIR /zipkin
RUN java/bin/java -XX:+UseSerialGC -XX:ArchiveClassesAtExit=zipkin.jsa -cp 'zipkin.jar:lib/*' zipkin.server.ZipkinServer & \
    for look in {1..1200}; do sleep 0.1; (echo > /dev/tcp/127.0.0.1/9411) 2> /dev/null && break; done; \
    kill %1; wait || true; test -s zipkin.jsa
FROM ${BASE}
COPY --from=made /zipkin /zipkin
WORKDIR /zipkin
USER 65534:65534
ENTRYPOINT ["sh", "-c", "exec java/bin/java $JAVA_OPTS -XX:SharedArchiveFile=zipkin.jsa -cp 'zipkin.jar:lib/*' zipkin.server.ZipkinServer"]
