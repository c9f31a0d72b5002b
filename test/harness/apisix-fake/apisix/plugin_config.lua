-- A fake of apisix.plugin_config: apisix.yaml has none here.
local plugin_config = {}

function plugin_config.get()
  return nil
end

function plugin_config.plugin_configs()
  return {}, 1
end

return plugin_config
