#!/bin/sh
# The same with ufw, for hosts that have it: in nothing but HTTPS for the gateway, out nothing but names, time and what you name.
#   EGRESS="192.0.2.10 2001:db8::10" ADMIN_PORT=22 sudo -E sh docker/ufw.sh
set -eu
ufw --force reset
ufw default deny incoming
ufw default deny outgoing
ufw default deny routed
for port in 443 8443 ${ADMIN_PORT:-}; do ufw allow in proto tcp to any port "$port"; done
for port in 53 123; do ufw allow out proto udp to any port "$port"; done
ufw allow out proto tcp to any port 53
for address in ${EGRESS:-}; do ufw allow out proto tcp to "$address" port 443; done
ufw --force enable
ufw status verbose
