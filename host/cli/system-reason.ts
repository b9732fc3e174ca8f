/** Why the system refuses something with a file, `ENOENT: no such file or directory`, without the file's path: whoever says it has named it. */
export function systemReason({ message }: NodeJS.ErrnoException): string {
  return message.replace(/, [a-z]+(?: '.*')?$/s, '');
}
