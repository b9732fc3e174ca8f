/**
 * Announces an event; it is in the call's receipt if the call succeeds. Its class is declared with `@event`, for which the
 * compiler writes what stages the topic and the data.
 */
@inline
export function emit<T>(event: T): void {
  if (isDefined(event.__emit)) {
    event.__emit();
    return;
  }
  ERROR("only an object of a class declared with @event can be emitted");
}
