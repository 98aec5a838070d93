"""AWS on this machine: prints its port and serves until stdin ends."""
import logging
import sys

from moto.server import ThreadedMotoServer

# Nobody reads what it logs.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
