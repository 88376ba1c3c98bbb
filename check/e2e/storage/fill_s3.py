"""Fills an S3 that checks signatures: fill_s3.py ENDPOINT DIR prints the key id and the key of a user who may read."""
import json
import os
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, directory = sys.argv[1:]
open_door = dict(endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
s3 = boto3.client("s3", **open_door)
s3.create_bucket(Bucket="models")
for where, _, files in os.walk(directory):
    for file in files:
        path = os.path.join(where, file)
        key = os.path.relpath(path, directory)
        s3.upload_file(path, "models", "iris/" + key)
        s3.upload_file(path, "models", "iris-v2/" + key)

iam = boto3.client("iam", **open_door)
iam.create_user(UserName="reader")
policy = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}],
}
iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(policy))
key = iam.create_access_key(UserName="reader")["AccessKey"]
# moto lets a number of requests through; the rest of them are spent here, so that from now on it checks signatures
try:
    while True:
        s3.list_buckets()
except ClientError:
    print(key["AccessKeyId"], key["SecretAccessKey"])
