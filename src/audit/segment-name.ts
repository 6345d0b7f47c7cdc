/** Name under which a segment is built, until its header is on disk. */
export const UNBORN = 'audit.new'

/** File name of a segment: sorts by number, and tells the sequence number of its first record. */
export function segmentName(segment: number, first: number): string {
  return `audit-${String(segment).padStart(8, '0')}-${first}.jsonl`
}

const NAME = /^audit-(\d{8,9})-([1-9]\d{0,15})\.jsonl$/

/** Segments among the file names of a folder, in order of their numbers. Other files are passed over. */
export function segmentNames(names: readonly string[]): string[] {
  return names.filter((name) => NAME.test(name)).sort((a, b) => segmentNumber(a) - segmentNumber(b))
}

/** Number in a segment's name, from 1; 0 when it is not one. */
export function segmentNumber(name: string): number {
  return Number(NAME.exec(name)?.[1] ?? 0)
}
