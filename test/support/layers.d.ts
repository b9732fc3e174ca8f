/** What is wrong with the imports of the sources below `root`, each as `file:line: message`. */
export function check(root: string): string[];
