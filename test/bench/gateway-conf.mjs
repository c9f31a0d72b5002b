/** The gateway every variant starts from: one server in front of one keepalive upstream. */

/**
 * @typedef {object} Parts what a variant adds to it
 * @property {string} [main] @property {string} [http] @property {string} [location] @property {boolean} [proxyHeaders]
 * @property {string} [balancer] in place of the upstream's server
 */

const PROXY_HEADERS = `
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-ID $request_id;`;

/** @param {{ port: number, upstreamPort: number }} ports @param {Parts} parts @returns {string} */
export function gatewayConf(
  { port, upstreamPort },
  { main = "", http = "", location = "", proxyHeaders = true, balancer },
) {
  const server = balancer === undefined ? `server 127.0.0.1:${upstreamPort};` : `server 0.0.0.1; ${balancer}`;
  return `${main}
worker_processes 1; pid nginx.pid; error_log error.log notice;
events { worker_connections 1024; }
http {
  access_log off;
  ${http}
  upstream service { ${server} keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";${proxyHeaders ? PROXY_HEADERS : ""}
      ${location}
    }
  }
}
`;
}
