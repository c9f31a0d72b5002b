/** A row about the peers of upstreams: who takes requests, who does not and why, and where they are found. */
const UPSTREAMS = '{upstream=~"$upstream"}';

const OK = { text: "ok", color: "green" };

const peers = {
  title: "Peers of upstreams that are picked in Lua",
  panels: [
    {
      kind: "timeseries",
      title: "Peers that take requests",
      width: 8,
      unit: "short",
      help: "Of the gateway that has fewest, beside all that there are.",
      queries: {
        "take requests, {{upstream}}": `min by (upstream) (gateway_upstream_peers_available${UPSTREAMS})`,
        "all, {{upstream}}": `max by (upstream) (gateway_upstream_peers${UPSTREAMS})`,
      },
    },
    {
      kind: "timeseries",
      title: "Ejections",
      width: 8,
      unit: "short",
      help: "A minute, by what caused them; and those that were not made, for too few peers would be left.",
      queries: {
        "{{upstream}}, {{kind}}": `sum by (upstream, kind) (60 * rate(gateway_peer_ejections_total${UPSTREAMS}[$__rate_interval]))`,
        "refused, {{upstream}}": `sum by (upstream) (60 * rate(gateway_peer_ejections_refused_total${UPSTREAMS}[$__rate_interval]))`,
      },
    },
    {
      kind: "timeseries",
      title: "Probes",
      width: 8,
      unit: "short",
      help: "A second, by how they went.",
      queries: {
        "{{upstream}}, {{result}}": `sum by (upstream, result) (rate(gateway_peer_probes_total${UPSTREAMS}[$__rate_interval]))`,
      },
    },
    {
      kind: "state-timeline",
      title: "Peers",
      width: 12,
      states: [
        { text: "up", color: "green" },
        { text: "drain", color: "yellow" },
        { text: "down", color: "dark-red" },
        { text: "unhealthy", color: "red" },
        { text: "ejected", color: "orange" },
      ],
      help: "The worst that a gateway says of each.",
      queries: { "{{upstream}} {{peer}}": `max by (upstream, peer) (gateway_peer_state${UPSTREAMS})` },
    },
    {
      kind: "state-timeline",
      title: "Discovery",
      width: 6,
      states: [{ text: "failing", color: "red" }, OK],
      help: "Whether the sources of peers answer every gateway. Peers of one that fails stay in use.",
      queries: { "{{upstream}} {{source}}": `min by (upstream, source) (gateway_discovery_up${UPSTREAMS})` },
    },
    {
      kind: "state-timeline",
      title: "Panic",
      width: 6,
      states: [OK, { text: "panic", color: "red" }],
      help: "Too few peers are well: all are used.",
      queries: { "{{upstream}}": `max by (upstream) (gateway_upstream_panic${UPSTREAMS})` },
    },
  ],
};

export const PEER_ROWS = [peers];
