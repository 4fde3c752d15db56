/** How often a device may begin one request: more than any paging or polling of one device needs. */
const MOST_TIMES = 1000;

/**
 * Tells a circle of setNextRequest from a collection that ends. Requests that follow in their order never count, however
 * many they are. Whether a loop will end cannot be seen from outside: a script may count in a variable, in a global of
 * its sandbox or not at all, because it waits for another answer. So the only mark is how often it has gone round.
 */
export class Circle {
  readonly #times = new Map<number, number>();

  /**
   * @param position the next request's place in the collection
   * @returns whether the device has begun it too often
   */
  closesAt(position: number): boolean {
    const times = (this.#times.get(position) ?? 0) + 1;
    this.#times.set(position, times);
    return times > MOST_TIMES;
  }
}
