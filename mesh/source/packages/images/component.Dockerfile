# A control-plane program that needs nothing but itself.
FROM scratch
COPY bin/ /usr/local/bin/
ENV PATH=/usr/local/bin
