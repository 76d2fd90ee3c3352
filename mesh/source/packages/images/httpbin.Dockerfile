FROM scratch
COPY bin/ /bin/
EXPOSE 8080
CMD ["/bin/go-httpbin"]
