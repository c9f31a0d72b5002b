local byteReader = require("autoscale.runtime.byte-reader").byteReader
local readHead = require("autoscale.runtime.http-head").readHead
local bodyPieces = require("autoscale.runtime.http-body").bodyPieces
local lineCutter = require("autoscale.runtime.line-cutter").lineCutter
function http_answer(pieces, method, ending)
  local next_piece, asked_after_end = 0, 0
  local reader = byteReader(function()
    next_piece = next_piece + 1
    if pieces[next_piece] then return pieces[next_piece] end
    asked_after_end = asked_after_end + 1
    if asked_after_end > 1000 then error("asks for ever") end
    return nil, ending
  end)
  local head = readHead(reader)
  if type(head) == "string" then return { problem = head } end
  local body = bodyPieces(reader, head, method)
  local parts = {}
  for piece in body.next do
    if piece == "" then error("an empty piece") end
    parts[#parts + 1] = piece
  end
  return {
    status = head.status, minor = head.minor, headers = head.headers, body = table.concat(parts),
    problem = body.problem(), whole = body.isWhole(), rest = reader.rest()
  }
end
function cut_lines(pieces, max, stop_at)
  local lines = {}
  local cutter = lineCutter(max, function(line) lines[#lines + 1] = line return line ~= stop_at end)
  for index, piece in ipairs(pieces) do
    if not cutter.feed(piece) then return { lines = lines, stopped = index, problem = cutter.problem() } end
  end
  cutter.finish()
  return { lines = lines }
end
function request_text(request)
  local text, flaw = require("autoscale.runtime.http-request-text").requestText(request)
  return { text = text, flaw = flaw }
end
