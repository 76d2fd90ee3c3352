/** The caller asked for something that cannot be had; answered as an ApiError with this status. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
  readonly status: number;
  readonly next: string;

  constructor(error: string, next: string, status = 400) {
    super(error);
    this.status = status;
    this.next = next;
  }
}
