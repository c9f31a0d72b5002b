document.title = "Autoscale Lua";
