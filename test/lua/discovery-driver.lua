function play_source(module, name, config, script, decoded)
  local played = { reports = {}, requests = {}, waits = {}, queries = {} }
  local reads, asked, now, over = {}, {}, 1700000000, false
  local exchanges = script.exchanges or {}
  local function exchange(request)
    local nextone = exchanges[#played.requests + 1]
    played.requests[#played.requests + 1] = request
    over = over or nextone == nil
    now = now + (nextone and nextone.seconds or 0)
    return nextone or { status = 0, problem = "the script is over" }
  end
  local function answer(done)
    return { status = done.status or 200, problem = done.problem, headers = done.headers or {}, body = done.body or "" }
  end
  local ports = {
    clock = { now = function() return now end },
    random = { next = function() return script.random or 0 end },
    log = { error = function() end, warn = function() end, notice = function() end },
    tasks = {
      start = function(run) run() end,
      sleep = function(seconds)
        played.waits[#played.waits + 1] = seconds
        now = now + seconds
        local last = #exchanges > 0 and #played.requests >= #exchanges
        return not over and not last and #played.waits < (script.waits or 1000)
      end
    },
    http = {
      request = function(request) return answer(exchange(request)) end,
      stream = function(request, on_line)
        local done = exchange(request)
        for _, line in ipairs(done.lines or {}) do
          if not on_line(line) then break end
        end
        return answer(done)
      end
    },
    dns = {
      query = function(host, kind, servers)
        local question = kind .. " " .. host
        played.queries[#played.queries + 1] = table.concat({ question, unpack(servers) }, " ")
        local answers = (script.dns or {})[question]
        local taken = asked[question] or 0
        asked[question] = taken + 1
        if not answers then return { records = {}, problem = "NXDOMAIN" } end
        return answers[math.min(taken + 1, #answers)] or { records = {}, problem = "NXDOMAIN" }
      end
    },
    files = {
      read = function(path, most)
        local texts = (script.files or {})[path] or {}
        local taken = reads[path] or 0
        reads[path] = taken + 1
        local text = texts[math.min(taken + 1, #texts)]
        if text then return text:sub(1, most) end
      end
    },
    json = { decode = function(text) return decoded[text] end }
  }
  local source = require(module)[name](config, ports)
  source.run(
    function(found) played.reports[#played.reports + 1] = found end,
    function() return not over and #played.reports < (script.reports or 1000000) end
  )
  return { name = source.name, played = played }
end
