-- POST a fixed body, each request with the next token of the list.
local requests, count, turn = {}, 0, 0
function init(args)
  local file = assert(io.open(os.getenv("BODY"), "rb"))
  local body = file:read("*a")
  file:close()
  for token in io.lines(os.getenv("TOKENS")) do
    count = count + 1
    requests[count] = wrk.format("POST", "/v1/chat/completions", {
      ["content-type"] = "application/json", ["accept"] = "application/json",
      ["authorization"] = "Bearer " .. token, ["user-agent"] = "bench/1",
    }, body)
  end
end
function request()
  turn = turn % count + 1
  return requests[turn]
end
