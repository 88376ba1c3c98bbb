"""Fills a container: fill_azure.py CONNECTION_STRING DIR."""
import os
import sys

from azure.storage.blob import BlobServiceClient

connection, directory = sys.argv[1:]
container = BlobServiceClient.from_connection_string(connection).create_container("models")
for where, _, files in os.walk(directory):
    for file in files:
        path = os.path.join(where, file)
        for root in ("iris/", "iris-v2/"):
            with open(path, "rb") as content:
                container.upload_blob(root + os.path.relpath(path, directory), content)
