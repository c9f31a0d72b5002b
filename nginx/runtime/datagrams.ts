import type { Datagrams } from "../../plugins/_kit/ports.ts";

/** UDP to `host:port`. The socket is made for each batch: cosockets belong to the timer that made them. */
export function datagramsTo(address: string): Datagrams {
  const [host, port] = string.match(address, "^%[?([^%]]+)%]?:(%d+)$");
  return {
    send: (payload) => {
      const [socket] = ngx.socket.udp();
      if (socket === undefined) {
        return false;
      }
      const [connected] = socket.setpeername(host ?? "", tonumber(port) ?? 0);
      if (connected === undefined) {
        return false;
      }
      const [sent] = socket.send(payload);
      socket.close();
      return sent !== undefined;
    },
  };
}
