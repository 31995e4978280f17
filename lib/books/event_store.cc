// SPDX-License-Identifier: Apache-2.0
#include "lib/books/event_store.h"

#include <utility>

#include "lib/books/take_over.h"

namespace plivo_dial {

EventStore::EventStore(std::unique_ptr<StoreConnection> connection, Log& log,
                       const StoreClock& clock)
    : connection_(std::move(connection)),
      clock_(clock),
      files_(connection_->spool()),
      intake_(*connection_, clock_, book_, files_, log),
      delivery_(*connection_, clock_, book_, intake_, files_),
      upkeep_(*connection_, clock_, book_, intake_, delivery_, files_) {}

Result<std::unique_ptr<EventStore>> EventStore::open(const std::string& spool, Log& log,
                                                     std::shared_ptr<LockPatience> patience,
                                                     const StoreClock& clock) {
  Result<std::unique_ptr<StoreConnection>> connection =
      StoreConnection::open(spool, log, std::move(patience), &take_over_store);
  if (!connection) return connection.error();
  std::unique_ptr<EventStore> store(new EventStore(std::move(*connection), log, clock));
  if (Result<void> loaded = store->intake_.load(); !loaded) return loaded.error();
  if (!store->connection_->was_checked()) {
    store->check_ = std::make_unique<StoreCheck>(
        spool, [connection = store->connection_.get()] { connection->note_harm(); });
  }
  return store;
}

}  // namespace plivo_dial
