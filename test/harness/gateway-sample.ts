import { parseGateway, type LoadedGateway, type ParseOptions } from "../../cli/build/load/index.ts";

/** What surrounds a gateway.yaml in tests: some variables, and a folder with certificates and plugins. */
const SURROUNDINGS: ParseOptions = {
  file: "/site/gateway.yaml",
  shownFile: "gateway.yaml",
  env: { PORT: "9000", WORD: "many", EMPTY: "", STRUCTURE: "2\nmax_body: 0", FALSE: "false", TOKEN: "s3cret" },
  kindOf: (path) => {
    if (/^\/site\/certs\/(site|\$host)\.(pem|key)$/.test(path)) return "file";
    return path === "/site/plugins" ? "folder" : undefined;
  },
};

/** Loads the text as if it were /site/gateway.yaml, without touching the disk. */
export function parseSample(text: string, options: Partial<ParseOptions> = {}): LoadedGateway {
  return parseGateway(text, { ...SURROUNDINGS, ...options });
}
