// Preloaded into the server by supervise.mjs: when the process that started it is gone, kill -9 included, nobody could stop
// the server any more, and it would keep its port.
if (process.connected) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
