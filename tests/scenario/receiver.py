"""receiver.py - a TCP peer with habits: receiver.py PORT FILE WHAT

  all         takes everything of one connection
  reset N     resets the first connection after N bytes, takes all of the next

What was taken lies in FILE.0, FILE.1, ... by connection."""
import socket
import struct
import sys

port, name, what = int(sys.argv[1]), sys.argv[2], sys.argv[3]
most = int(sys.argv[4]) if what == "reset" else None

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
listener.bind(("127.0.0.1", port))
listener.listen()
listener.settimeout(60)


def take(nth, most):
    """One connection's bytes; cut off after `most`, if there is a most."""
    peer, _ = listener.accept()
    got = 0
    with open(f"{name}.{nth}", "wb") as out:
        while most is None or got < most:
            data = peer.recv(65536)
            if not data:
                return
            out.write(data)
            got += len(data)
    linger = struct.pack("ii", 1, 0)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    peer.close()


if most is not None:
    take(0, most)
    take(1, None)
else:
    take(0, None)
