/** A parameter as it is given on the command line: `hot-ratio` for `hotRatio`. */
export function optionName(parameter: string): string {
  return parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
