/**
 * How often a device may go back to a request that it has passed, by what has become of the variables meanwhile. A
 * script that pages through results changes one; a script that waits for something may not.
 */
const MOST_JUMPS = 1000;
const MOST_IDLE_JUMPS = 100;

/**
 * Tells a circle of setNextRequest from a collection that ends: only going back can go on for ever, so requests that
 * follow in their order do not count, however many they are.
 */
export class Circle {
  #position = -1;
  #jumps = 0;
  #idleJumps = 0;
  #variables: string | undefined;

  /**
   * @param position the next request's place in the collection
   * @param variables everything that scripts have set
   * @returns whether the device goes round in a circle
   */
  closesAt(position: number, variables: () => string): boolean {
    const isBack = position <= this.#position;
    this.#position = position;
    if (!isBack) return false;
    const before = this.#variables;
    this.#variables = variables();
    this.#jumps++;
    if (this.#variables === before) this.#idleJumps++;
    return this.#jumps > MOST_JUMPS || this.#idleJumps > MOST_IDLE_JUMPS;
  }
}
