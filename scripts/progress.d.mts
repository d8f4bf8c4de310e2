/** Written by hand: the scripts run before there is a compiler. */
export interface Progress {
  end(succeeded: boolean): void
}

export function showProgress(title: string, stream?: NodeJS.WriteStream): Progress
