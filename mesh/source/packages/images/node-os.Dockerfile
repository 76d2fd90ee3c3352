# The packages of kind's node; kind's own list less network file systems and rootless storage, which no suite uses.
ARG BASE
FROM ${BASE}
RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      systemd systemd-sysv ethtool util-linux mount kmod procps jq pigz runc libseccomp2 e2fsprogs \
    && apt-get clean && rm -rf /var/lib/apt/lists/* \
    # A container has no devices to set up, no disks to mount, and starts just what is enabled below.
    && find /lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete \
    && rm -f /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* \
      /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/sockets.target.wants/*udev* \
      /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/* \
    && echo "ReadKMsg=no" >> /etc/systemd/journald.conf
