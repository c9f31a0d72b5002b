function memory_store(now)
  local entries = {}
  local function live(key)
    local entry = entries[key]
    if entry and entry.expires <= now() then entries[key] = nil return nil end
    return entry
  end
  local function expiry(ttl)
    if ttl and ttl > 0 then return now() + ttl end
    return math.huge
  end
  local store = {}
  function store.get(key) local entry = live(key) return entry and entry.value end
  function store.set(key, value, ttl) entries[key] = { value = value, expires = expiry(ttl) } return true end
  function store.add(key, value, ttl)
    if live(key) then return false end
    return store.set(key, value, ttl)
  end
  function store.incr(key, delta, initial, ttl)
    local entry = live(key)
    if not entry then store.set(key, initial + delta, ttl) return initial + delta end
    if type(entry.value) ~= "number" then return nil end
    entry.value = entry.value + delta
    return entry.value
  end
  function store.expire(key, ttl)
    local entry = live(key)
    if not entry then return false end
    entry.expires = expiry(ttl)
    return true
  end
  function store.renew(key, ttl)
    if entries[key] then entries[key].expires = expiry(ttl) end
  end
  function store.remove(key) entries[key] = nil end
  return store, entries, live
end
