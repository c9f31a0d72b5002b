/** The text of `dashboards/gateway.json`. */
export function dashboardText(): string;
