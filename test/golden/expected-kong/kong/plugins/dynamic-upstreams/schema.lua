local typedefs = require("kong.db.schema.typedefs")
local checks = require("autoscale.kong.schema-checks")
local check = require("autoscale.plugins.dynamic-upstreams.check").check

return {
  name = "dynamic-upstreams",
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    {
      config = {
        type = "record",
        required = true,
        description = "Finds the peers of an upstream, watches their health, and sends each request to the best of them.",
        fields = {
          {
            mode = {
              type = "string",
              description = "Do it, only count and report what would be done, or nothing at all.",
              default = "enforce",
              len_min = 0,
              one_of = { "enforce", "shadow", "off" },
              required = true,
            },
          },
          {
            targets = {
              type = "array",
              description = "Peers that are always there, beside those that discovery finds.",
              default = {},
              elements = {
                type = "record",
                fields = {
                  {
                    host = {
                      type = "string",
                      description = "A host name, IPv4 or IPv6 address. A name is looked up.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "a host name, or an IP address without brackets", pattern = "^[A-Za-z0-9_.:-]{1,253}(?![\\s\\S])" }),
                      required = true,
                    },
                  },
                  {
                    port = {
                      type = "integer",
                      description = "The TCP port of the peer.",
                      between = { 1, 65535 },
                      required = true,
                    },
                  },
                  {
                    weight = {
                      type = "integer",
                      description = "Its share of the requests among its peers.",
                      default = 1,
                      between = { 1, 1000 },
                      required = true,
                    },
                  },
                  {
                    zone = {
                      type = "string",
                      description = "The zone it stands in, to prefer peers nearby.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                      required = false,
                    },
                  },
                  {
                    priority = {
                      type = "integer",
                      description = "0 is used first; higher ones when no lower one is left.",
                      default = 0,
                      between = { 0, 100 },
                      required = true,
                    },
                  },
                },
              },
              required = true,
            },
          },
          {
            discovery = {
              type = "record",
              fields = {
                {
                  consul = {
                    type = "record",
                    description = "Instances of a service in Consul, by blocking queries.",
                    fields = {
                      {
                        address = {
                          type = "string",
                          description = "The agent: http://127.0.0.1:8500.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "http://host:port or https://host:port, maybe with a path", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[A-Za-z0-9._~/-]{0,500})?(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        service = {
                          type = "string",
                          description = "The service's name.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        tags = {
                          type = "array",
                          description = "Only instances with all of these tags.",
                          default = {},
                          len_max = 20,
                          elements = {
                            type = "string",
                            description = "A tag that instances must have.",
                            len_min = 0,
                            custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          },
                          required = true,
                        },
                      },
                      {
                        passing = {
                          type = "boolean",
                          description = "Only instances all of whose checks pass.",
                          default = true,
                          required = true,
                        },
                      },
                      {
                        datacenter = {
                          type = "string",
                          description = "Another datacenter than the agent's.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        namespace = {
                          type = "string",
                          description = "The namespace, in Consul Enterprise.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        token = {
                          type = "string",
                          description = "The ACL token to read with.",
                          encrypted = true,
                          referenceable = true,
                          len_min = 0,
                          custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        near = {
                          type = "string",
                          description = "A node that answers are sorted by; _agent: its own.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        wait_seconds = {
                          type = "number",
                          description = "How long a query waits for a change.",
                          default = 60,
                          between = { 1, 600 },
                          custom_validator = checks.number({ max = 600, min = 1 }),
                          required = true,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "Longest wait for a connection and for each answer.",
                          default = 5,
                          custom_validator = checks.number({ max = 60, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        verify = {
                          type = "boolean",
                          description = "Check the server's certificate, where it is asked by https.",
                          default = true,
                          required = true,
                        },
                      },
                      {
                        weight = {
                          type = "number",
                          description = "Factor for the weights of its peers: its share beside other sources.",
                          default = 1,
                          gt = 0,
                          between = { 0, 1000 },
                          custom_validator = checks.number({ above = 0, max = 1000 }),
                          required = true,
                        },
                      },
                      {
                        zone = {
                          type = "string",
                          description = "The zone of its peers that tell none themselves.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        priority = {
                          type = "integer",
                          description = "Added to the priorities of its peers: those of the lowest are used first.",
                          default = 0,
                          between = { 0, 100 },
                          required = true,
                        },
                      },
                      {
                        allow_empty = {
                          type = "boolean",
                          description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                          default = false,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  kubernetes = {
                    type = "record",
                    description = "Endpoints of a Service in Kubernetes: EndpointSlices, listed and then watched.",
                    fields = {
                      {
                        address = {
                          type = "string",
                          description = "The API server; the default is the one of the cluster that the gateway runs in.",
                          default = "https://kubernetes.default.svc",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "http://host:port or https://host:port, maybe with a path", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[A-Za-z0-9._~/-]{0,500})?(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        namespace = {
                          type = "string",
                          description = "The namespace of the Service.",
                          default = "default",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "small letters, digits and -", pattern = "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        service = {
                          type = "string",
                          description = "The Service whose EndpointSlices are watched.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "small letters, digits and -", pattern = "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        port = {
                          type = "string",
                          description = "Name or number of the port; the first one of the slice when absent.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a port's name or number", pattern = "^[a-z0-9-]{1,15}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        token_file = {
                          type = "string",
                          description = "The file with the bearer token, read anew for each request; empty: none is sent.",
                          default = "/var/run/secrets/kubernetes.io/serviceaccount/token",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a path without control characters", pattern = "(*UTF)^(?![\\s\\S])|^[ -~\194\160-\237\159\191\238\128\128-\239\191\189\240\144\128\128-\244\143\191\191]+(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "Longest wait for a connection and for each answer.",
                          default = 5,
                          custom_validator = checks.number({ max = 60, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        verify = {
                          type = "boolean",
                          description = "Check the server's certificate, where it is asked by https.",
                          default = true,
                          required = true,
                        },
                      },
                      {
                        weight = {
                          type = "number",
                          description = "Factor for the weights of its peers: its share beside other sources.",
                          default = 1,
                          gt = 0,
                          between = { 0, 1000 },
                          custom_validator = checks.number({ above = 0, max = 1000 }),
                          required = true,
                        },
                      },
                      {
                        zone = {
                          type = "string",
                          description = "The zone of its peers that tell none themselves.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        priority = {
                          type = "integer",
                          description = "Added to the priorities of its peers: those of the lowest are used first.",
                          default = 0,
                          between = { 0, 100 },
                          required = true,
                        },
                      },
                      {
                        allow_empty = {
                          type = "boolean",
                          description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                          default = false,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  eureka = {
                    type = "record",
                    description = "Instances of an application in Eureka that are UP.",
                    fields = {
                      {
                        address = {
                          type = "string",
                          description = "The server with its path: http://127.0.0.1:8761/eureka.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "http://host:port or https://host:port, maybe with a path", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[A-Za-z0-9._~/-]{0,500})?(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        app = {
                          type = "string",
                          description = "The application's name.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        interval_seconds = {
                          type = "number",
                          description = "How often it is asked.",
                          default = 30,
                          custom_validator = checks.number({ max = 3600, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        secure = {
                          type = "boolean",
                          description = "Use the secure port of instances.",
                          default = false,
                          required = true,
                        },
                      },
                      {
                        username = {
                          type = "string",
                          description = "The user of basic authentication.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        password = {
                          type = "string",
                          description = "The password of that user.",
                          encrypted = true,
                          referenceable = true,
                          len_min = 0,
                          custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "Longest wait for a connection and for each answer.",
                          default = 5,
                          custom_validator = checks.number({ max = 60, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        verify = {
                          type = "boolean",
                          description = "Check the server's certificate, where it is asked by https.",
                          default = true,
                          required = true,
                        },
                      },
                      {
                        weight = {
                          type = "number",
                          description = "Factor for the weights of its peers: its share beside other sources.",
                          default = 1,
                          gt = 0,
                          between = { 0, 1000 },
                          custom_validator = checks.number({ above = 0, max = 1000 }),
                          required = true,
                        },
                      },
                      {
                        zone = {
                          type = "string",
                          description = "The zone of its peers that tell none themselves.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        priority = {
                          type = "integer",
                          description = "Added to the priorities of its peers: those of the lowest are used first.",
                          default = 0,
                          between = { 0, 100 },
                          required = true,
                        },
                      },
                      {
                        allow_empty = {
                          type = "boolean",
                          description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                          default = false,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  dns = {
                    type = "record",
                    description = "Addresses or SRV records of a name, looked up again when their time to live is over.",
                    fields = {
                      {
                        name = {
                          type = "string",
                          description = "The name that is looked up.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a host name, or an IP address without brackets", pattern = "^[A-Za-z0-9_.:-]{1,253}(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        type = {
                          type = "string",
                          description = "The kind of records; address: A and AAAA.",
                          default = "address",
                          len_min = 0,
                          one_of = { "a", "aaaa", "address", "srv" },
                          required = true,
                        },
                      },
                      {
                        port = {
                          type = "integer",
                          description = "The port of the peers; srv records bring their own.",
                          between = { 1, 65535 },
                          required = false,
                        },
                      },
                      {
                        servers = {
                          type = "array",
                          description = "Name servers, asked in this order; none: those of /etc/resolv.conf.",
                          default = {},
                          len_max = 10,
                          elements = {
                            type = "string",
                            description = "A name server, with :port when it is not 53.",
                            len_min = 0,
                            custom_validator = checks.text({ expects = "an IP address, with :port when it is not 53", pattern = "^(?:[0-9]{1,3}(?:[.][0-9]{1,3}){3}(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,35}|\\[[0-9A-Fa-f:.]{2,45}\\](?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?)(?![\\s\\S])" }),
                          },
                          required = true,
                        },
                      },
                      {
                        min_ttl_seconds = {
                          type = "number",
                          description = "It is not asked more often than this.",
                          default = 1,
                          custom_validator = checks.number({ max = 86400, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        max_ttl_seconds = {
                          type = "number",
                          description = "It is asked at least this often.",
                          default = 300,
                          custom_validator = checks.number({ max = 86400, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "Longest wait for a connection and for each answer.",
                          default = 2,
                          custom_validator = checks.number({ max = 60, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        weight = {
                          type = "number",
                          description = "Factor for the weights of its peers: its share beside other sources.",
                          default = 1,
                          gt = 0,
                          between = { 0, 1000 },
                          custom_validator = checks.number({ above = 0, max = 1000 }),
                          required = true,
                        },
                      },
                      {
                        zone = {
                          type = "string",
                          description = "The zone of its peers that tell none themselves.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        priority = {
                          type = "integer",
                          description = "Added to the priorities of its peers: those of the lowest are used first.",
                          default = 0,
                          between = { 0, 100 },
                          required = true,
                        },
                      },
                      {
                        allow_empty = {
                          type = "boolean",
                          description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                          default = false,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  file = {
                    type = "record",
                    description = "Peers from a file that is read again when it changes.",
                    fields = {
                      {
                        path = {
                          type = "string",
                          description = "The file with the list of peers, as JSON.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a path without control characters", maxLength = 1000, pattern = "(*UTF)^[ -~\194\160-\237\159\191\238\128\128-\239\191\189\240\144\128\128-\244\143\191\191]+(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        interval_seconds = {
                          type = "number",
                          description = "How often the file is read.",
                          default = 5,
                          custom_validator = checks.number({ max = 3600, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        weight = {
                          type = "number",
                          description = "Factor for the weights of its peers: its share beside other sources.",
                          default = 1,
                          gt = 0,
                          between = { 0, 1000 },
                          custom_validator = checks.number({ above = 0, max = 1000 }),
                          required = true,
                        },
                      },
                      {
                        zone = {
                          type = "string",
                          description = "The zone of its peers that tell none themselves.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        priority = {
                          type = "integer",
                          description = "Added to the priorities of its peers: those of the lowest are used first.",
                          default = 0,
                          between = { 0, 100 },
                          required = true,
                        },
                      },
                      {
                        allow_empty = {
                          type = "boolean",
                          description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                          default = false,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  http = {
                    type = "record",
                    description = "Peers from an HTTP server that answers with a list.",
                    fields = {
                      {
                        url = {
                          type = "string",
                          description = "What is asked for by GET; the answer is JSON, as in a file.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a URL with http:// or https://, without a fragment", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[!-\"$-~]{0,2000})?(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        headers = {
                          type = "map",
                          description = "Headers to ask with, such as Authorization.",
                          default = {},
                          len_max = 20,
                          keys = {
                            type = "string",
                            len_min = 0,
                            custom_validator = checks.key({ expects = "a header's name", pattern = "^[A-Za-z0-9-]{1,64}(?![\\s\\S])" }),
                          },
                          values = {
                            type = "string",
                            description = "The header's value.",
                            encrypted = true,
                            referenceable = true,
                            len_min = 0,
                            custom_validator = checks.text({ expects = "one line of printable ASCII", pattern = "^[ -~]{0,4096}(?![\\s\\S])" }),
                          },
                          required = true,
                        },
                      },
                      {
                        interval_seconds = {
                          type = "number",
                          description = "How often it is asked.",
                          default = 10,
                          custom_validator = checks.number({ max = 3600, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "Longest wait for a connection and for each answer.",
                          default = 5,
                          custom_validator = checks.number({ max = 60, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        verify = {
                          type = "boolean",
                          description = "Check the server's certificate, where it is asked by https.",
                          default = true,
                          required = true,
                        },
                      },
                      {
                        weight = {
                          type = "number",
                          description = "Factor for the weights of its peers: its share beside other sources.",
                          default = 1,
                          gt = 0,
                          between = { 0, 1000 },
                          custom_validator = checks.number({ above = 0, max = 1000 }),
                          required = true,
                        },
                      },
                      {
                        zone = {
                          type = "string",
                          description = "The zone of its peers that tell none themselves.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        priority = {
                          type = "integer",
                          description = "Added to the priorities of its peers: those of the lowest are used first.",
                          default = 0,
                          between = { 0, 100 },
                          required = true,
                        },
                      },
                      {
                        allow_empty = {
                          type = "boolean",
                          description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                          default = false,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  also = {
                    type = "array",
                    description = "More sources, each written as above: another datacenter, or the same kind a second time.",
                    default = {},
                    len_max = 20,
                    elements = {
                      type = "record",
                      fields = {
                        {
                          consul = {
                            type = "record",
                            description = "Instances of a service in Consul, by blocking queries.",
                            fields = {
                              {
                                address = {
                                  type = "string",
                                  description = "The agent: http://127.0.0.1:8500.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "http://host:port or https://host:port, maybe with a path", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[A-Za-z0-9._~/-]{0,500})?(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                service = {
                                  type = "string",
                                  description = "The service's name.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                tags = {
                                  type = "array",
                                  description = "Only instances with all of these tags.",
                                  default = {},
                                  len_max = 20,
                                  elements = {
                                    type = "string",
                                    description = "A tag that instances must have.",
                                    len_min = 0,
                                    custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  },
                                  required = true,
                                },
                              },
                              {
                                passing = {
                                  type = "boolean",
                                  description = "Only instances all of whose checks pass.",
                                  default = true,
                                  required = true,
                                },
                              },
                              {
                                datacenter = {
                                  type = "string",
                                  description = "Another datacenter than the agent's.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                namespace = {
                                  type = "string",
                                  description = "The namespace, in Consul Enterprise.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                token = {
                                  type = "string",
                                  description = "The ACL token to read with.",
                                  encrypted = true,
                                  referenceable = true,
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                near = {
                                  type = "string",
                                  description = "A node that answers are sorted by; _agent: its own.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                wait_seconds = {
                                  type = "number",
                                  description = "How long a query waits for a change.",
                                  default = 60,
                                  between = { 1, 600 },
                                  custom_validator = checks.number({ max = 600, min = 1 }),
                                  required = true,
                                },
                              },
                              {
                                timeout_seconds = {
                                  type = "number",
                                  description = "Longest wait for a connection and for each answer.",
                                  default = 5,
                                  custom_validator = checks.number({ max = 60, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                verify = {
                                  type = "boolean",
                                  description = "Check the server's certificate, where it is asked by https.",
                                  default = true,
                                  required = true,
                                },
                              },
                              {
                                weight = {
                                  type = "number",
                                  description = "Factor for the weights of its peers: its share beside other sources.",
                                  default = 1,
                                  gt = 0,
                                  between = { 0, 1000 },
                                  custom_validator = checks.number({ above = 0, max = 1000 }),
                                  required = true,
                                },
                              },
                              {
                                zone = {
                                  type = "string",
                                  description = "The zone of its peers that tell none themselves.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                priority = {
                                  type = "integer",
                                  description = "Added to the priorities of its peers: those of the lowest are used first.",
                                  default = 0,
                                  between = { 0, 100 },
                                  required = true,
                                },
                              },
                              {
                                allow_empty = {
                                  type = "boolean",
                                  description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                                  default = false,
                                  required = true,
                                },
                              },
                            },
                            required = false,
                          },
                        },
                        {
                          kubernetes = {
                            type = "record",
                            description = "Endpoints of a Service in Kubernetes: EndpointSlices, listed and then watched.",
                            fields = {
                              {
                                address = {
                                  type = "string",
                                  description = "The API server; the default is the one of the cluster that the gateway runs in.",
                                  default = "https://kubernetes.default.svc",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "http://host:port or https://host:port, maybe with a path", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[A-Za-z0-9._~/-]{0,500})?(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                namespace = {
                                  type = "string",
                                  description = "The namespace of the Service.",
                                  default = "default",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "small letters, digits and -", pattern = "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                service = {
                                  type = "string",
                                  description = "The Service whose EndpointSlices are watched.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "small letters, digits and -", pattern = "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                port = {
                                  type = "string",
                                  description = "Name or number of the port; the first one of the slice when absent.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "a port's name or number", pattern = "^[a-z0-9-]{1,15}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                token_file = {
                                  type = "string",
                                  description = "The file with the bearer token, read anew for each request; empty: none is sent.",
                                  default = "/var/run/secrets/kubernetes.io/serviceaccount/token",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "a path without control characters", pattern = "(*UTF)^(?![\\s\\S])|^[ -~\194\160-\237\159\191\238\128\128-\239\191\189\240\144\128\128-\244\143\191\191]+(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                timeout_seconds = {
                                  type = "number",
                                  description = "Longest wait for a connection and for each answer.",
                                  default = 5,
                                  custom_validator = checks.number({ max = 60, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                verify = {
                                  type = "boolean",
                                  description = "Check the server's certificate, where it is asked by https.",
                                  default = true,
                                  required = true,
                                },
                              },
                              {
                                weight = {
                                  type = "number",
                                  description = "Factor for the weights of its peers: its share beside other sources.",
                                  default = 1,
                                  gt = 0,
                                  between = { 0, 1000 },
                                  custom_validator = checks.number({ above = 0, max = 1000 }),
                                  required = true,
                                },
                              },
                              {
                                zone = {
                                  type = "string",
                                  description = "The zone of its peers that tell none themselves.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                priority = {
                                  type = "integer",
                                  description = "Added to the priorities of its peers: those of the lowest are used first.",
                                  default = 0,
                                  between = { 0, 100 },
                                  required = true,
                                },
                              },
                              {
                                allow_empty = {
                                  type = "boolean",
                                  description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                                  default = false,
                                  required = true,
                                },
                              },
                            },
                            required = false,
                          },
                        },
                        {
                          eureka = {
                            type = "record",
                            description = "Instances of an application in Eureka that are UP.",
                            fields = {
                              {
                                address = {
                                  type = "string",
                                  description = "The server with its path: http://127.0.0.1:8761/eureka.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "http://host:port or https://host:port, maybe with a path", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[A-Za-z0-9._~/-]{0,500})?(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                app = {
                                  type = "string",
                                  description = "The application's name.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                interval_seconds = {
                                  type = "number",
                                  description = "How often it is asked.",
                                  default = 30,
                                  custom_validator = checks.number({ max = 3600, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                secure = {
                                  type = "boolean",
                                  description = "Use the secure port of instances.",
                                  default = false,
                                  required = true,
                                },
                              },
                              {
                                username = {
                                  type = "string",
                                  description = "The user of basic authentication.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                password = {
                                  type = "string",
                                  description = "The password of that user.",
                                  encrypted = true,
                                  referenceable = true,
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "printable ASCII without spaces", pattern = "^[!-~]{1,255}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                timeout_seconds = {
                                  type = "number",
                                  description = "Longest wait for a connection and for each answer.",
                                  default = 5,
                                  custom_validator = checks.number({ max = 60, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                verify = {
                                  type = "boolean",
                                  description = "Check the server's certificate, where it is asked by https.",
                                  default = true,
                                  required = true,
                                },
                              },
                              {
                                weight = {
                                  type = "number",
                                  description = "Factor for the weights of its peers: its share beside other sources.",
                                  default = 1,
                                  gt = 0,
                                  between = { 0, 1000 },
                                  custom_validator = checks.number({ above = 0, max = 1000 }),
                                  required = true,
                                },
                              },
                              {
                                zone = {
                                  type = "string",
                                  description = "The zone of its peers that tell none themselves.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                priority = {
                                  type = "integer",
                                  description = "Added to the priorities of its peers: those of the lowest are used first.",
                                  default = 0,
                                  between = { 0, 100 },
                                  required = true,
                                },
                              },
                              {
                                allow_empty = {
                                  type = "boolean",
                                  description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                                  default = false,
                                  required = true,
                                },
                              },
                            },
                            required = false,
                          },
                        },
                        {
                          dns = {
                            type = "record",
                            description = "Addresses or SRV records of a name, looked up again when their time to live is over.",
                            fields = {
                              {
                                name = {
                                  type = "string",
                                  description = "The name that is looked up.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "a host name, or an IP address without brackets", pattern = "^[A-Za-z0-9_.:-]{1,253}(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                type = {
                                  type = "string",
                                  description = "The kind of records; address: A and AAAA.",
                                  default = "address",
                                  len_min = 0,
                                  one_of = { "a", "aaaa", "address", "srv" },
                                  required = true,
                                },
                              },
                              {
                                port = {
                                  type = "integer",
                                  description = "The port of the peers; srv records bring their own.",
                                  between = { 1, 65535 },
                                  required = false,
                                },
                              },
                              {
                                servers = {
                                  type = "array",
                                  description = "Name servers, asked in this order; none: those of /etc/resolv.conf.",
                                  default = {},
                                  len_max = 10,
                                  elements = {
                                    type = "string",
                                    description = "A name server, with :port when it is not 53.",
                                    len_min = 0,
                                    custom_validator = checks.text({ expects = "an IP address, with :port when it is not 53", pattern = "^(?:[0-9]{1,3}(?:[.][0-9]{1,3}){3}(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,35}|\\[[0-9A-Fa-f:.]{2,45}\\](?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?)(?![\\s\\S])" }),
                                  },
                                  required = true,
                                },
                              },
                              {
                                min_ttl_seconds = {
                                  type = "number",
                                  description = "It is not asked more often than this.",
                                  default = 1,
                                  custom_validator = checks.number({ max = 86400, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                max_ttl_seconds = {
                                  type = "number",
                                  description = "It is asked at least this often.",
                                  default = 300,
                                  custom_validator = checks.number({ max = 86400, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                timeout_seconds = {
                                  type = "number",
                                  description = "Longest wait for a connection and for each answer.",
                                  default = 2,
                                  custom_validator = checks.number({ max = 60, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                weight = {
                                  type = "number",
                                  description = "Factor for the weights of its peers: its share beside other sources.",
                                  default = 1,
                                  gt = 0,
                                  between = { 0, 1000 },
                                  custom_validator = checks.number({ above = 0, max = 1000 }),
                                  required = true,
                                },
                              },
                              {
                                zone = {
                                  type = "string",
                                  description = "The zone of its peers that tell none themselves.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                priority = {
                                  type = "integer",
                                  description = "Added to the priorities of its peers: those of the lowest are used first.",
                                  default = 0,
                                  between = { 0, 100 },
                                  required = true,
                                },
                              },
                              {
                                allow_empty = {
                                  type = "boolean",
                                  description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                                  default = false,
                                  required = true,
                                },
                              },
                            },
                            required = false,
                          },
                        },
                        {
                          file = {
                            type = "record",
                            description = "Peers from a file that is read again when it changes.",
                            fields = {
                              {
                                path = {
                                  type = "string",
                                  description = "The file with the list of peers, as JSON.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "a path without control characters", maxLength = 1000, pattern = "(*UTF)^[ -~\194\160-\237\159\191\238\128\128-\239\191\189\240\144\128\128-\244\143\191\191]+(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                interval_seconds = {
                                  type = "number",
                                  description = "How often the file is read.",
                                  default = 5,
                                  custom_validator = checks.number({ max = 3600, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                weight = {
                                  type = "number",
                                  description = "Factor for the weights of its peers: its share beside other sources.",
                                  default = 1,
                                  gt = 0,
                                  between = { 0, 1000 },
                                  custom_validator = checks.number({ above = 0, max = 1000 }),
                                  required = true,
                                },
                              },
                              {
                                zone = {
                                  type = "string",
                                  description = "The zone of its peers that tell none themselves.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                priority = {
                                  type = "integer",
                                  description = "Added to the priorities of its peers: those of the lowest are used first.",
                                  default = 0,
                                  between = { 0, 100 },
                                  required = true,
                                },
                              },
                              {
                                allow_empty = {
                                  type = "boolean",
                                  description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                                  default = false,
                                  required = true,
                                },
                              },
                            },
                            required = false,
                          },
                        },
                        {
                          http = {
                            type = "record",
                            description = "Peers from an HTTP server that answers with a list.",
                            fields = {
                              {
                                url = {
                                  type = "string",
                                  description = "What is asked for by GET; the answer is JSON, as in a file.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "a URL with http:// or https://, without a fragment", pattern = "^https?://(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:/[!-\"$-~]{0,2000})?(?![\\s\\S])" }),
                                  required = true,
                                },
                              },
                              {
                                headers = {
                                  type = "map",
                                  description = "Headers to ask with, such as Authorization.",
                                  default = {},
                                  len_max = 20,
                                  keys = {
                                    type = "string",
                                    len_min = 0,
                                    custom_validator = checks.key({ expects = "a header's name", pattern = "^[A-Za-z0-9-]{1,64}(?![\\s\\S])" }),
                                  },
                                  values = {
                                    type = "string",
                                    description = "The header's value.",
                                    encrypted = true,
                                    referenceable = true,
                                    len_min = 0,
                                    custom_validator = checks.text({ expects = "one line of printable ASCII", pattern = "^[ -~]{0,4096}(?![\\s\\S])" }),
                                  },
                                  required = true,
                                },
                              },
                              {
                                interval_seconds = {
                                  type = "number",
                                  description = "How often it is asked.",
                                  default = 10,
                                  custom_validator = checks.number({ max = 3600, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                timeout_seconds = {
                                  type = "number",
                                  description = "Longest wait for a connection and for each answer.",
                                  default = 5,
                                  custom_validator = checks.number({ max = 60, min = 0.1 }),
                                  required = true,
                                },
                              },
                              {
                                verify = {
                                  type = "boolean",
                                  description = "Check the server's certificate, where it is asked by https.",
                                  default = true,
                                  required = true,
                                },
                              },
                              {
                                weight = {
                                  type = "number",
                                  description = "Factor for the weights of its peers: its share beside other sources.",
                                  default = 1,
                                  gt = 0,
                                  between = { 0, 1000 },
                                  custom_validator = checks.number({ above = 0, max = 1000 }),
                                  required = true,
                                },
                              },
                              {
                                zone = {
                                  type = "string",
                                  description = "The zone of its peers that tell none themselves.",
                                  len_min = 0,
                                  custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                                  required = false,
                                },
                              },
                              {
                                priority = {
                                  type = "integer",
                                  description = "Added to the priorities of its peers: those of the lowest are used first.",
                                  default = 0,
                                  between = { 0, 100 },
                                  required = true,
                                },
                              },
                              {
                                allow_empty = {
                                  type = "boolean",
                                  description = "Believe an answer without peers; else it is taken for an outage and the last set is kept.",
                                  default = false,
                                  required = true,
                                },
                              },
                            },
                            required = false,
                          },
                        },
                      },
                    },
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            balance = {
              type = "record",
              fields = {
                {
                  policy = {
                    type = "string",
                    description = "How a peer is chosen.",
                    default = "round-robin",
                    len_min = 0,
                    one_of = { "round-robin", "least-request", "peak-ewma", "consistent-hash" },
                    required = true,
                  },
                },
                {
                  hash_on = {
                    type = "array",
                    description = "For consistent-hash: requests that are equal in all of these go to the same peer.",
                    default = {},
                    len_max = 8,
                    elements = {
                      type = "string",
                      description = "A part of the request.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "header:NAME, cookie:NAME, query:NAME, path or client_address", pattern = "^(?:header:[A-Za-z0-9-]{1,64}|cookie:[A-Za-z0-9_.-]{1,64}|query:[A-Za-z0-9_.-]{1,64}|path|client_address)(?![\\s\\S])" }),
                    },
                    custom_validator = checks.unique(),
                    required = true,
                  },
                },
                {
                  hash_balance_factor = {
                    type = "number",
                    description = "With consistent-hash no peer has more than so many times its share of the requests under way.",
                    default = 1.25,
                    gt = 1,
                    between = { 1, 100 },
                    custom_validator = checks.number({ above = 1, max = 100 }),
                    required = true,
                  },
                },
                {
                  decay_seconds = {
                    type = "number",
                    description = "Over how long peak-ewma forgets a latency: the time constant of its average.",
                    default = 10,
                    custom_validator = checks.number({ max = 600, min = 0.1 }),
                    required = true,
                  },
                },
                {
                  slow_start_seconds = {
                    type = "number",
                    description = "How long the share of a new or recovered peer rises to its own; 0: at once.",
                    default = 0,
                    between = { 0, 3600 },
                    custom_validator = checks.number({ max = 3600, min = 0 }),
                    required = true,
                  },
                },
                {
                  slow_start_aggression = {
                    type = "number",
                    description = "1: the share rises evenly; above: faster at first.",
                    default = 1,
                    gt = 0,
                    between = { 0, 100 },
                    custom_validator = checks.number({ above = 0, max = 100 }),
                    required = true,
                  },
                },
                {
                  panic_threshold = {
                    type = "number",
                    description = "With fewer healthy peers than so many percent all are used; 0: only healthy ones.",
                    default = 50,
                    between = { 0, 100 },
                    custom_validator = checks.number({ max = 100, min = 0 }),
                    required = true,
                  },
                },
                {
                  zone = {
                    type = "string",
                    description = "The zone this gateway stands in; its peers are preferred.",
                    len_min = 0,
                    custom_validator = checks.text({ expects = "1 to 64 letters, digits, _, . or -", pattern = "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])" }),
                    required = false,
                  },
                },
                {
                  load_header = {
                    type = "string",
                    description = "The header in which peers tell their load, in ORCA's format: endpoint-load-metrics.",
                    len_min = 0,
                    custom_validator = checks.text({ expects = "a header's name", pattern = "^[A-Za-z0-9-]{1,64}(?![\\s\\S])" }),
                    required = false,
                  },
                },
                {
                  load_blackout_seconds = {
                    type = "number",
                    description = "What a new peer tells of its load is not followed for so long.",
                    default = 10,
                    between = { 0, 3600 },
                    custom_validator = checks.number({ max = 3600, min = 0 }),
                    required = true,
                  },
                },
                {
                  load_expiry_seconds = {
                    type = "number",
                    description = "What a peer told of its load holds no longer than this.",
                    default = 180,
                    between = { 1, 86400 },
                    custom_validator = checks.number({ max = 86400, min = 1 }),
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            health = {
              type = "record",
              fields = {
                {
                  active = {
                    type = "record",
                    description = "Probe each peer; {} with all defaults, absent: not.",
                    fields = {
                      {
                        type = {
                          type = "string",
                          description = "What a probe does; tcp only connects.",
                          default = "http",
                          len_min = 0,
                          one_of = { "http", "https", "tcp" },
                          required = true,
                        },
                      },
                      {
                        path = {
                          type = "string",
                          description = "What is asked for by GET.",
                          default = "/",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a path that begins with /", pattern = "^/[!-\"$-~]{0,1000}(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        host = {
                          type = "string",
                          description = "The Host header; the peer's address when absent.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "a host name, or an IP address without brackets", pattern = "^[A-Za-z0-9_.:-]{1,253}(?![\\s\\S])" }),
                          required = false,
                        },
                      },
                      {
                        port = {
                          type = "integer",
                          description = "The port, where it is not the peer's own.",
                          between = { 1, 65535 },
                          required = false,
                        },
                      },
                      {
                        interval_seconds = {
                          type = "number",
                          description = "Time from one probe of a peer to the next, with some jitter.",
                          default = 5,
                          custom_validator = checks.number({ max = 3600, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "A probe without an answer has failed.",
                          default = 1,
                          custom_validator = checks.number({ max = 60, min = 0.01 }),
                          required = true,
                        },
                      },
                      {
                        healthy_after = {
                          type = "integer",
                          description = "So many probes in a row that go well make a peer healthy.",
                          default = 2,
                          between = { 1, 100 },
                          required = true,
                        },
                      },
                      {
                        unhealthy_after = {
                          type = "integer",
                          description = "So many probes in a row that fail make a peer unhealthy.",
                          default = 3,
                          between = { 1, 100 },
                          required = true,
                        },
                      },
                      {
                        statuses = {
                          type = "array",
                          description = "Statuses of a healthy peer.",
                          default = {
                            "200-399",
                          },
                          len_min = 1,
                          len_max = 20,
                          elements = {
                            type = "string",
                            description = "A status or a range of statuses.",
                            len_min = 0,
                            custom_validator = checks.text({ expects = "a status or a range of them in text: 200 or 200-399", pattern = "^[0-9]{3}(?:-[0-9]{3})?(?![\\s\\S])" }),
                          },
                          required = true,
                        },
                      },
                      {
                        agent = {
                          type = "boolean",
                          description = "Follow what the answer says of the peer's load, in HAProxy's words: 75%, drain, maxconn:30, up.",
                          default = false,
                          required = true,
                        },
                      },
                      {
                        verify = {
                          type = "boolean",
                          description = "Check the peer's certificate, where the type is https.",
                          default = true,
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
                {
                  passive = {
                    type = "record",
                    description = "Eject peers that fail requests; {} with all defaults, absent: not.",
                    fields = {
                      {
                        consecutive_errors = {
                          type = "integer",
                          description = "So many failed requests in a row eject a peer; 0: not looked at.",
                          default = 5,
                          between = { 0, 10000 },
                          required = true,
                        },
                      },
                      {
                        consecutive_gateway_errors = {
                          type = "integer",
                          description = "So many without an answer, or with 502, 503 or 504, in a row; 0: not looked at.",
                          default = 5,
                          between = { 0, 10000 },
                          required = true,
                        },
                      },
                      {
                        interval_seconds = {
                          type = "number",
                          description = "How often rates are looked at.",
                          default = 10,
                          custom_validator = checks.number({ max = 3600, min = 0.5 }),
                          required = true,
                        },
                      },
                      {
                        eject_seconds = {
                          type = "number",
                          description = "How long a peer is ejected, times how often it was.",
                          default = 30,
                          custom_validator = checks.number({ max = 86400, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        max_eject_seconds = {
                          type = "number",
                          description = "It is ejected no longer than this.",
                          default = 300,
                          custom_validator = checks.number({ max = 86400, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        max_ejected = {
                          type = "number",
                          description = "No more percent of the peers are ejected; one always may be, the last never.",
                          default = 10,
                          between = { 0, 100 },
                          custom_validator = checks.number({ max = 100, min = 0 }),
                          required = true,
                        },
                      },
                      {
                        success_rate_stdev = {
                          type = "number",
                          description = "A peer is ejected whose success rate is so many standard deviations below the mean; 0: not looked at.",
                          default = 1.9,
                          between = { 0, 100 },
                          custom_validator = checks.number({ max = 100, min = 0 }),
                          required = true,
                        },
                      },
                      {
                        success_rate_peers = {
                          type = "integer",
                          description = "Only when so many peers have enough requests.",
                          default = 5,
                          between = { 1, 1000000 },
                          required = true,
                        },
                      },
                      {
                        success_rate_requests = {
                          type = "integer",
                          description = "Enough requests in an interval for that.",
                          default = 100,
                          between = { 1, 1000000 },
                          required = true,
                        },
                      },
                      {
                        failure_rate = {
                          type = "number",
                          description = "Percent of failed requests in an interval that ejects a peer; 0: not looked at.",
                          default = 85,
                          between = { 0, 100 },
                          custom_validator = checks.number({ max = 100, min = 0 }),
                          required = true,
                        },
                      },
                      {
                        failure_rate_requests = {
                          type = "integer",
                          description = "Enough requests in an interval for that.",
                          default = 50,
                          between = { 1, 1000000 },
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
              },
              required = true,
            },
          },
          {
            retries = {
              type = "record",
              fields = {
                {
                  attempts = {
                    type = "integer",
                    description = "Tries after the first one; 0: none.",
                    default = 1,
                    between = { 0, 10 },
                    required = true,
                  },
                },
                {
                  methods = {
                    type = "array",
                    description = "Methods that may be sent twice.",
                    default = {
                      "GET",
                      "HEAD",
                      "OPTIONS",
                      "PUT",
                      "DELETE",
                    },
                    elements = {
                      type = "string",
                      description = "An HTTP method in capital letters.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "an HTTP method in capital letters", pattern = "^[A-Z][A-Z_-]{0,31}(?![\\s\\S])" }),
                    },
                    custom_validator = checks.unique(),
                    required = true,
                  },
                },
                {
                  budget = {
                    type = "number",
                    description = "Percent of the requests that may be retries, so that they make no overload worse.",
                    default = 20,
                    between = { 0, 100 },
                    custom_validator = checks.number({ max = 100, min = 0 }),
                    required = true,
                  },
                },
                {
                  budget_minimum = {
                    type = "number",
                    description = "So many retries a second are allowed whatever the percentage.",
                    default = 10,
                    between = { 0, 1000000 },
                    custom_validator = checks.number({ max = 1000000, min = 0 }),
                    required = true,
                  },
                },
                {
                  timeout_seconds = {
                    type = "number",
                    description = "Each try of a request that may be tried again waits no longer to connect and between two reads.",
                    custom_validator = checks.number({ max = 86400, min = 0.001 }),
                    required = false,
                  },
                },
              },
              required = true,
            },
          },
        },
        custom_validator = checks.dicts({ "autoscale", "autoscale_upstreams" }),
      },
    },
  },
  entity_checks = {
    {
      custom_entity_check = {
        field_sources = {
          "config",
        },
        fn = checks.crossField(check),
      },
    },
  },
}
