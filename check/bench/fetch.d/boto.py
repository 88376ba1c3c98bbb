"""boto3's own transfer manager, as its documentation uses it: PREFIX into DIR, ten threads a file."""
import boto3, os, sys, time
prefix, directory = sys.argv[1], sys.argv[2]
began = time.monotonic()
s3 = boto3.client("s3")
os.makedirs(directory, exist_ok=True)
for page in s3.get_paginator("list_objects_v2").paginate(Bucket="bench", Prefix=prefix + "/"):
    for found in page.get("Contents", []):
        s3.download_file("bench", found["Key"], f"{directory}/{os.path.basename(found['Key'])}")
print(int((time.monotonic() - began) * 1000))
