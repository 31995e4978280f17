// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/prepare.h"

#include <algorithm>
#include <utility>

#include "lib/spool/spool_layout.h"
#include "mod_plivo_dial/config/tables_lines.h"
#include "mod_plivo_dial/guard.h"

namespace plivo_dial {

Prepared prepare_configuration(apr_pool_t* pool, apr_pool_t* scratch, server_rec* main_server) {
  Prepared prepared;
  prepared.sections = merged_sections(scratch, main_server);
  auto* const books = pool_new<AnswerBooks>(pool);
  auto* const documents = pool_new<Documents>(pool);
  prepared.documents = documents;
  for (const Section& section : prepared.sections) {
    documents->add(*section.config, prepared.document_errors, prepared.document_warnings);
    const Layers& layers = section.config->layers;
    // Only a request can tell what those hold that are too many to tell apart.
    if (!layers.countable() || books->contains(layers)) continue;
    if (std::ranges::find(prepared.unmade, layers, &Prepared::Unmade::layers) !=
        prepared.unmade.end()) {
      continue;
    }
    Result<AnswerBook> book = AnswerBook::make(scratch, *section.config);
    if (book) {
      books->add(layers, std::move(book).value());
    } else {
      prepared.unmade.push_back({layers, book.error().message});
    }
  }
  prepared.books = books;
  const ServerConfig& server = server_config(main_server);
  TablesConfig tables = tables_of(server, prepared.sections, *books);
  if (!tables.empty()) {
    prepared.tables =
        pool_new<Tables>(pool, path_in_spool(server.spool, kTablesFile), std::move(tables));
  }
  prepared.secrets = load_secrets(main_server, prepared.sections);
  return prepared;
}

}  // namespace plivo_dial
