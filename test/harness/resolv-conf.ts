/**
 * Lua text for a worker of worker-lab.ts: from then on its /etc/resolv.conf is this text, and whoever is asked by UDP is
 * `port` of 127.0.0.1 in truth. `kept.asked` lists who was meant: port 53 is nobody's in tests.
 */
export function pretendResolvConf(text: string, port: number): string {
  return `
    local open, udp = io.open, ngx.socket.udp
    kept.asked = {}
    io.open = function(path, mode)
      if path ~= "/etc/resolv.conf" then return open(path, mode) end
      return { read = function() return ${JSON.stringify(text)} end, close = function() end }
    end
    ngx.socket.udp = function()
      local socket = udp()
      return setmetatable({}, { __index = function(_, name)
        return function(_, ...)
          if name ~= "setpeername" then return socket[name](socket, ...) end
          table.insert(kept.asked, table.concat({ ... }, " "))
          return socket:setpeername("127.0.0.1", ${String(port)})
        end
      end })
    end`;
}
