/**
 * nginx's own `ngx.timer.at`. Kong puts a library in its place that shares a few timers among many short tasks: ours wait, and
 * need that their timer's end frees what they used. It keeps the original under this name for such cases.
 */
const kept = (_G as unknown as { readonly native_timer_at?: NgxTimer["at"] }).native_timer_at;

export const timerAt: NgxTimer["at"] = kept ?? ngx.timer.at;
