-- Made by autoscale-lua: /autoscale/… of Kong's admin API.
return require("autoscale.kong.endpoints").endpoints("admin", "<version>")
