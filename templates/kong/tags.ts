/** On every entity, so that people can find what is ours in a Kong that has more. */
export const TAGS = ["autoscale"] as const;
