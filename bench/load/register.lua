-- wrk: registers parcels, each with phones and a key that no other one has, and counts the answers.
-- Arguments after `--`: a file with a token a line; one with a body a line, `%07d` at the end of its two phones; a
-- number that no other run has; requests a second, 0 for as many as come back. With a rate, each request has an instant
-- at which it is due, whatever the answers before it do.

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

local function lines_of(file)
  local lines = {}
  for line in io.lines(file) do
    table.insert(lines, line)
  end
  return lines
end

function init(args)
  tokens, bodies = lines_of(args[1]), lines_of(args[2])
  run, rate = tonumber(args[3]), tonumber(args[4])
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
  return wrk.format("POST", "/parcels", {
    ["Authorization"] = "Bearer " .. tokens[serial % #tokens + 1],
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = string.format(
      "%08x-%04x-4000-8000-%012x", math.random(0, 0x7fffffff), math.random(0, 0xffff), id),
  }, string.format(bodies[serial % #bodies + 1], phone, phone))
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
