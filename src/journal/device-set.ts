/** A set of devices, by their index among the created devices of a file. One million devices take 125 kB. */
export class DeviceSet {
  readonly #bits: Uint8Array;
  #size = 0;

  /** @param devices number of devices; indexes are smaller */
  constructor(devices: number) {
    this.#bits = new Uint8Array(Math.ceil(devices / 8));
  }

  get size(): number {
    return this.#size;
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** @returns whether the device was added, because it was not in the set */
  add(index: number): boolean {
    if (this.has(index)) return false;
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) | (1 << (index & 7));
    this.#size++;
    return true;
  }

  delete(index: number): void {
    if (!this.has(index)) return;
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) & ~(1 << (index & 7));
    this.#size--;
  }

  /** All indexes, ascending. */
  list(): readonly number[] {
    const indexes: number[] = [];
    this.#bits.forEach((byte, at) => {
      for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) indexes.push(at * 8 + bit);
    });
    return indexes;
  }
}
