-- Made by autoscale-lua: /autoscale/… of Kong's status API.
return require("autoscale.kong.endpoints").endpoints("status", "<version>")
