#!/usr/bin/env bash
# Makes the next migration and the compiled model, for both databases: src/AgentPersistence.DesignTime/add-migration.sh <Name>
# Without a name only the compiled models are made again.
set -euo pipefail
cd "$(dirname "$0")"
name=${1:-}
tools=../../artifacts/tools
[ -x "$tools/dotnet-ef" ] || dotnet tool install dotnet-ef --version 10.0.14 --tool-path "$tools"
for provider in PostgreSql Sqlite; do
  folder=../AgentPersistence/Providers/$provider
  common=(--context "${provider}AgentDbContext" --project ../AgentPersistence --startup-project .)
  if [ -n "$name" ]; then
    "$tools/dotnet-ef" migrations add "$name" "${common[@]}" \
      --output-dir "Providers/$provider/Migrations" --namespace "AgentPersistence.Providers.$provider.Migrations"
    # The tool takes the root namespace for a folder when it places the first snapshot.
    stray=../AgentPersistence/AgentPersistence
    if [ -d "$stray" ]; then mv "$stray/Providers/$provider/Migrations"/* "$folder/Migrations/"; rm -r "$stray"; fi
  fi
  "$tools/dotnet-ef" dbcontext optimize "${common[@]}" \
    --output-dir "Providers/$provider/CompiledModel" --namespace "AgentPersistence.Providers.$provider.CompiledModel"
  # Nothing of this is the package's public surface.
  sed -i -E 's/^(    )?public (partial|class|sealed)/\1internal \2/' "$folder"/Migrations/*.cs "$folder"/CompiledModel/*.cs
done
# Both folders hold the same names in the same order: the second one takes the first one's time stamps.
for file in ../AgentPersistence/Providers/PostgreSql/Migrations/*_*.Designer.cs; do
  id=$(basename "$file" .Designer.cs)
  for twin in ../AgentPersistence/Providers/Sqlite/Migrations/*_"${id#*_}".Designer.cs; do
    old=$(basename "$twin" .Designer.cs)
    [ "$old" = "$id" ] && continue
    sed -i "s/$old/$id/" "$twin"
    mv "$twin" "$(dirname "$twin")/$id.Designer.cs"
    mv "${twin%.Designer.cs}.cs" "$(dirname "$twin")/$id.cs"
  done
done
