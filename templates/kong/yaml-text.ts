import { stringify } from "yaml";

/**
 * YAML that readers of 1.1 take as it is meant, as Kong's and Helm's are: text always stands in quotes, so that a route
 * named `off` stays a name. What is undefined is left out; nothing is an anchor.
 */
export function yamlText(value: object): string {
  const plain = JSON.parse(JSON.stringify(value)) as object;
  const text = stringify(plain, {
    version: "1.1",
    aliasDuplicateObjects: false,
    lineWidth: 0,
    defaultKeyType: "PLAIN",
    defaultStringType: "QUOTE_DOUBLE",
  });
  return `# Made by autoscale-lua from gateway.yaml.\n${text}`;
}
