/** The kinds of the corpora that the injection model is trained and judged on. */
export type Kind =
  | 'direct'
  | 'indirect'
  | 'jailbreak'
  | 'tool-call'
  | 'benign'
  | 'benign-doc'
  | 'benign-hard'
  | 'benign-nonen'
  | 'benign-tool-call'

/** One text with its label. */
export interface Row {
  /** Unique over all rows of one seed. */
  readonly id: string
  readonly text: string
  /** 1 = attack, 0 = innocent. */
  readonly label: 0 | 1
  /** `written:<family>`; texts made by a grammar end in `:g`. Split training from testing by family, never at random. */
  readonly source: string
  readonly kind: Kind
  /** ISO 639-1 code; `de-en` for a mix of two. */
  readonly lang: string
}
