-- Sends requests in turn: METHOD PATH BODY [PATH BODY]... Prints one line of
-- JSON at the end: requests, errors, and the median latency in microseconds.
-- wrk makes one request that it does not send.
local requests, turn = {}, -1

function init(args)
    for i = 2, #args, 2 do
        if args[i + 1] == nil or args[i + 1] == "" then
            table.insert(requests, wrk.format("GET", args[i]))
        else
            table.insert(requests, wrk.format(args[1], args[i], nil, args[i + 1]))
        end
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

function done(summary, latency)
    local e = summary.errors
    print(string.format('{"requests": %d, "errors": %d, "p50": %d}',
        summary.requests, e.connect + e.read + e.write + e.status + e.timeout,
        latency:percentile(50)))
end
