-- wrk: registers parcels, each with people, phones and a key that no other one has, and counts the answers.
-- Arguments after `--`: a file with a token a line; a number that no other run has; requests a second, 0 for as many
-- as come back. With a rate, each request has an instant at which it is due, whatever the answers before it do.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } when_t; int clock_gettime(int clock, when_t *when);")
local MONOTONIC, LATE_S, SLOW_S = 1, 0.005, 1
local when = ffi.new("when_t")

local threads = {}

local function now()
  ffi.C.clock_gettime(MONOTONIC, when)
  return tonumber(when.s) + tonumber(when.ns) / 1e9
end

function setup(thread)
  thread:set("place", #threads)
  table.insert(threads, thread)
end

function init(args)
  tokens = {}
  for line in io.lines(args[1]) do
    table.insert(tokens, line)
  end
  run, rate = tonumber(args[2]), tonumber(args[3])
  if rate == 0 then
    delay = nil
  end
  math.randomseed(run * 16 + place)
  serial, created, refused, other, late, due = 0, 0, 0, 0, 0, now()
end

-- wrk asks before each request how many milliseconds to wait; the instants are shared by all connections of a thread.
function delay()
  due = due + 1 / rate
  local wait_s = due - now()
  if wait_s < -LATE_S then
    late = late + 1
  end
  return math.max(0, math.ceil(wait_s * 1000))
end

function request()
  serial = serial + 1
  local id = run * 10000000 + serial
  local phone = 1000000 + (id * 7919) % 9000000
  local body = string.format(
    '{"collecting_office":"TK09A","weight_g":%d,' ..
    '"sender":{"name":"Sender %010d","phone":"097%07d","language":"en"},' ..
    '"recipient":{"name":"អ្នកទទួល %010d","phone":"088%07d","language":"km","address":["Tram Kak"]}}',
    1000 + serial % 5000, id, phone, id, phone)
  return wrk.format("POST", "/parcels", {
    ["Authorization"] = "Bearer " .. tokens[serial % #tokens + 1],
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = string.format(
      "%08x-%04x-4000-8000-%012x", math.random(0, 0x7fffffff), math.random(0, 0xffff), id),
  }, body)
end

function response(status)
  if status == 201 then
    created = created + 1
  elseif status == 429 or status == 503 then
    refused = refused + 1
  else
    other = other + 1
  end
end

-- Halves the share until it is found: to ask wrk for each time by its place takes hours where times are spread.
local function share_within(latency, limit_us)
  if latency.max <= limit_us then
    return 1
  end
  local within, beyond = 0, 100
  for _ = 1, 30 do
    local middle = (within + beyond) / 2
    if latency:percentile(middle) <= limit_us then
      within = middle
    else
      beyond = middle
    end
  end
  return within / 100
end

function done(summary, latency)
  local counted = {serial = 0, created = 0, refused = 0, other = 0, late = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(counted) do
      counted[name] = counted[name] + thread:get(name)
    end
  end
  local answered = counted.created + counted.refused + counted.other
  local slow = math.floor(answered * (1 - share_within(latency, SLOW_S * 1e6)) + 0.5)
  local errors = summary.errors
  print(string.format(
    '{"sent": %d, "created": %d, "refused": %d, "other": %d, "late": %d, "slow": %d, "lost": %d, ' ..
    '"lasted_s": %.6f, "p50_s": %.6f, "p99_s": %.6f}',
    counted.serial, counted.created, counted.refused, counted.other, counted.late, slow,
    errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6))
end
